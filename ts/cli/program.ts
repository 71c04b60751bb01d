/** Finds the command, and turns what goes wrong into one sentence on stderr and an exit code. */
import { Command, CommanderError } from 'commander';
import { CancelledError, ComputeError, InputError } from '../errors.js';
import { VERSION } from '../version.js';
import { augmentCommand } from './augment.js';
import { classifyCommand } from './classify.js';
import { mimicCommand } from './mimic.js';
import { simulateCommand } from './simulate.js';
import { studyCommand } from './study.js';

const EXIT_DONE = 0;
const EXIT_MISTAKE = 2;
export const EXIT_CANCELLED = 130;

/** Runs the command that `args` name and returns the exit code. Throws only what is a fault of the program itself. */
export async function runProgram(args: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    await program(signal).parseAsync(args, { from: 'user' });
    return EXIT_DONE;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_DONE; // --help, --version
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT_MISTAKE; // no command: the help was shown
    const known = [CancelledError, CommanderError, InputError, ComputeError].some((kind) => error instanceof kind);
    if (!known) throw error;
    const text = (error as Error).message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    process.stderr.write(`synthward: ${text.trim()}\n`);
    return error instanceof CancelledError ? EXIT_CANCELLED : EXIT_MISTAKE;
  }
}

function program(signal: AbortSignal): Command {
  const root = new Command('synthward')
    .description('Synthetic minority patients for imbalanced clinical tables, and the honest proof whether they help.')
    .version(VERSION)
    .addHelpText('after', '\nExit codes: 0 done, 2 a mistake in what was asked (one sentence on stderr), 130 cancelled.');
  const commands = [studyCommand(signal), augmentCommand(signal), classifyCommand(signal), mimicCommand(signal), simulateCommand()];
  for (const command of commands) root.addCommand(command);
  for (const command of [root, ...commands]) command.exitOverride().configureOutput({ outputError: () => undefined });
  return root;
}
