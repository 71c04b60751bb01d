/** Lets the host handle what has come in meanwhile: a click on stop, a message. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
