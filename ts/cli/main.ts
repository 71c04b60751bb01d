/** The command line's process: signals, a closed pipe, the exit code. */
import { EXIT_CANCELLED, runProgram } from './program.js';

/** Asks the work to stop at the first Ctrl-C; a second one does not wait. */
function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT_CANCELLED);
      controller.abort();
    });
  }
  return controller.signal;
}

// `sample` does without the stream: see say()
if (process.argv[2] !== 'sample') {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error; // the reader has seen enough
  });
}
runProgram(process.argv.slice(2), cancellation()).then((code) => {
  process.exitCode = code;
});
