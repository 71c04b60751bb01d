/** The program in a browser's page and then in a web worker; what they computed is posted back to the server of the page. */
import { conform, type Digest } from './program.js';

function inWorker(): Promise<Digest> {
  return new Promise((resolve, reject) => {
    const worker = new Worker('worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
}

async function answer(): Promise<object> {
  try {
    return { main: await conform(), worker: await inWorker(), agent: navigator.userAgent };
  } catch (error) {
    return { error: String(error), agent: navigator.userAgent };
  }
}

await fetch('result', { method: 'POST', body: JSON.stringify(await answer()) });
