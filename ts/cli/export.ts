/** `synthward export`: a model for other tools. */
import { Command } from 'commander';
import { exportFile } from '../node/export.js';
import { printWarnings } from './notes.js';

export function exportCommand(): Command {
  return new Command('export')
    .description('Write a model file in the format of other tools: xgb as XGBoost JSON; rf, xgb and networks of tabddpm as ONNX.')
    .argument('<model>', 'model file of synthward')
    .requiredOption('--out <file>', 'file to write; its ending tells the format: .json or .onnx')
    .action(async (model: string, { out }: { readonly out: string }) => {
      const { method, format, holds, bytes } = await exportFile({ model, out });
      printWarnings([`${out} holds ${holds}`]);
      process.stdout.write(`${method} of ${model} as ${format} → ${out} (${Math.ceil(bytes / 1000)} kB)\n`);
    });
}
