declare module '*.csv' {
  const text: string;
  export default text;
}
/** The built package, which is there after `npm run build`. */
declare module '*/dist/core.js';
declare module '*/dist/index.js';
