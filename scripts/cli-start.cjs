#!/usr/bin/env node
/** Starts the command line, with the code that the build has compiled where this is the same V8; scripts/cli-cache.mjs compiles it. */
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const program = `${__dirname}/cli-program.cjs`;

/** The program as a function of a module's variables; none where it must be compiled anew. */
function compiled() {
  try {
    const cachedData = readFileSync(`${__dirname}/cli-program.${process.versions.v8}.cache`);
    const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(program, 'utf8')}\n})`;
    return new Script(text, { filename: program, cachedData });
  } catch {
    return undefined; // there is none for this V8
  }
}

const script = compiled();
exports.script = script;
module.importPart = (file) => import(file); // what V8 has kept of a program cannot import
if (script) script.runInThisContext()(exports, require, module, program, __dirname);
else {
  require('node:module').enableCompileCache?.(); // since Node 22.1
  require(program);
}
