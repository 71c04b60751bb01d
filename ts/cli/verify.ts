/** `synthward verify`: whether the files of a run are those that its evidence tells of. */
import { Command } from 'commander';
import { verifyFile } from '../node/evidence.js';

export function verifyCommand(): Command {
  return new Command('verify')
    .description('Compute the checksums of an evidence file again, from the input to the output; fails where a byte is another one.')
    .argument('<file>', 'evidence.json of augment --evidence; files are looked for where they were, seen from its folder')
    .option('--audit <file>', 'then add the verdict of this audit.json of the output to the evidence')
    .action(async (file: string, { audit }: { readonly audit?: string }) => {
      const verified = await verifyFile(file, audit);
      const privacy = verified.audit === null ? 'no audit is part of it' : `privacy of the output by its audit: ${verified.audit.verdict}`;
      process.stdout.write(`${file} holds: ${verified.files} files are what they were; ${privacy}; last link ${verified.head}\n`);
    });
}
