import type { Plugin } from 'esbuild';

export declare const kernelText: Plugin;
