/** Finds the command, and turns what goes wrong into one sentence on stderr and an exit code. */
import { Command, type CommanderError } from 'commander';
import { memoryInWords } from '../errors.js';
import { VERSION } from '../version.js';
import { say } from './notes.js';

type Make = (signal: AbortSignal) => Command;

/** In the order of the help. A command is loaded when it is asked for: the start of a short one would cost more than its work. */
const COMMANDS: Readonly<Record<string, () => Promise<Make>>> = {
  study: async () => (await import('./study.js')).studyCommand,
  augment: async () => (await import('./augment.js')).augmentCommand,
  train: async () => (await import('./train.js')).trainCommand,
  sample: async () => (await import('./sample.js')).sampleCommand,
  classify: async () => (await import('./classify.js')).classifyCommand,
  inspect: async () => (await import('./inspect.js')).inspectCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  export: async () => (await import('./export.js')).exportCommand,
  audit: async () => (await import('./audit.js')).auditCommand,
  mimic: async () => (await import('./mimic.js')).mimicCommand,
  simulate: async () => (await import('./simulate.js')).simulateCommand,
  bench: async () => (await import('./bench.js')).benchCommand,
  serve: async () => (await import('./serve.js')).serveCommand,
};

const EXIT_DONE = 0;
const EXIT_MISTAKE = 2;
export const EXIT_CANCELLED = 130;
const KNOWN: readonly string[] = ['CancelledError', 'InputError', 'ComputeError'];

/** Runs the command that `args` name and returns the exit code. Throws only what is a fault of the program itself. */
export async function runProgram(args: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    const root = await program(signal, args[0]);
    await root.parseAsync(args, { from: 'user' });
    return EXIT_DONE;
  } catch (thrown) {
    const error = memoryInWords(thrown);
    const { exitCode, code } = error as Partial<CommanderError>;
    if (exitCode === 0) return EXIT_DONE; // --help, --version
    if (code === 'commander.help') return EXIT_MISTAKE; // no command: the help was shown
    // by name: a command that is loaded from another file has classes of its own
    const { name } = error as Error;
    if (!KNOWN.includes(name) && !code?.startsWith('commander.')) throw error;
    const text = (error as Error).message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    process.stderr.write(`synthward: ${text.trim()}\n`);
    return name === 'CancelledError' ? EXIT_CANCELLED : EXIT_MISTAKE;
  }
}

/** With the command of that name, or with all where there is none: their names and help texts are then wanted. */
async function program(signal: AbortSignal, name = ''): Promise<Command> {
  const root = new Command('synthward')
    .description('Synthetic minority patients for imbalanced clinical tables, and the honest proof whether they help.')
    .version(VERSION)
    .addHelpText('after', '\nExit codes: 0 done, 2 a mistake in what was asked (one sentence on stderr), 130 cancelled.');
  const own = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const made = await Promise.all((own ? [own] : Object.values(COMMANDS)).map((load) => load()));
  const commands = made.map((make) => make(signal));
  for (const command of commands) root.addCommand(command);
  for (const command of [root, ...commands]) command.exitOverride().configureOutput({ outputError: () => undefined, writeOut: say });
  return root;
}
