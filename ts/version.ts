/** The version of the package, as results and models name it; a test holds it against package.json. */
export const VERSION = '0.1.0';
