/** The API reference: everything that a module of the package exports is documented, links lead somewhere, defaults are told as they are. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as library from '../../ts/index.js';

const test = suite('reference');
const root = fileURLToPath(new URL('../../', import.meta.url));

test('typedoc finds nothing to warn of', () => {
  const typedoc = ['node_modules/typedoc/bin/typedoc', '--emit', 'none', '--treatWarningsAsErrors', '--logLevel', 'Warn'];
  const { status, stdout, stderr } = spawnSync(process.execPath, typedoc, { cwd: root, encoding: 'utf8' });
  assert.is(status, 0, stdout + stderr);
});

/** Options of each method of the library as an editor shows them: what `@defaultValue` says of each. */
function toldDefaults(): Map<string, Record<string, string | undefined>> {
  const file = `${root}ts/index.ts`;
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config, ts.sys, root);
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol);
  const told = new Map<string, Record<string, string | undefined>>();
  for (const symbol of exported) {
    const type = checker.getTypeOfSymbol(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
    if (!/^(Generator|Classifier)Method$/.test(type.symbol?.name ?? '')) continue;
    const own = checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type;
    const tagOf = (property: ts.Symbol) => property.getJsDocTags(checker).find(({ name }) => name === 'defaultValue');
    const values = own.getProperties().map((property) => [property.name, ts.displayPartsToString(tagOf(property)?.text)]);
    told.set(symbol.name, Object.fromEntries(values));
  }
  return told;
}

test('the default of every option of a method is told, and is the one that it has', () => {
  const told = toldDefaults();
  const exported: Readonly<Record<string, unknown>> = { ...library };
  const methods = [...library.generatorMethods, library.RandomForest, library.Boosting];
  assert.is(told.size, methods.length);
  for (const [name, values] of told) {
    const { defaults } = exported[name] as { readonly defaults: object };
    const read = Object.entries(values).map(([option, text]) => [option, text ? JSON.parse(text) : 'not told']);
    assert.equal(Object.fromEntries(read), { ...defaults }, name);
  }
});

test.run();
