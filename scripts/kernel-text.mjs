/**
 * A plugin of esbuild by which kernels/ goes into a bundle as text, each function a string. gpu.js translates the text of functions, and knows
 * less of the language than minifiers write; a string stays as it is, also where somebody bundles the package once more.
 */
import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

export const kernelText = {
  name: 'kernel-text',
  setup(build) {
    build.onLoad({ filter: /[\\/]kernels[\\/][\w-]+\.ts$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'ts', format: 'esm', target: 'es2022' });
      const kernels = await import(`data:text/javascript,${encodeURIComponent(code)}`);
      const lines = Object.entries(kernels).map(([name, kernel]) => `export const ${name} = ${JSON.stringify(String(kernel))};`);
      return { contents: lines.join('\n'), loader: 'js' };
    });
  },
};
