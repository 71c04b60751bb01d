/** `synthward serve`: the page, on this machine alone. */
import { Command } from 'commander';
import { servePage } from '../node/serve.js';
import { integer } from './options.js';

export function serveCommand(signal: AbortSignal): Command {
  return new Command('serve')
    .description('Show the page at an address of this machine alone. Tables that you open in it stay in your browser.')
    .option('--port <number>', 'port to listen on; 0 for any that is free', integer(0, 65535), 8080)
    .action(async ({ port }: { readonly port: number }) => {
      const { address, close } = await servePage(port);
      process.stdout.write(`${address} (Ctrl+C ends)\n`);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      close();
    });
}
