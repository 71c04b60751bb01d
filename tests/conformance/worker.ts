/** The program in a web worker. */
import { conform } from './program.js';

postMessage(await conform());
