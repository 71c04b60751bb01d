/** A part of the page into which files are dropped, with the field that chooses one. */
import { byId } from './element.js';

export function takesFiles(part: string, field: string, take: (file: File) => unknown): void {
  const [place, input] = [byId(part), byId<HTMLInputElement>(field)];
  const taken = (file: File | undefined) => file && take(file);
  input.addEventListener('change', () => taken(input.files?.[0]));
  input.addEventListener('click', () => {
    input.value = ''; // so that the same file can be chosen again, after it was mended
  });
  for (const name of ['dragenter', 'dragover'] as const) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.classList.add('over');
    });
  }
  place.addEventListener('dragleave', () => place.classList.remove('over'));
  place.addEventListener('drop', (event) => {
    event.preventDefault();
    place.classList.remove('over');
    taken(event.dataTransfer?.files[0]);
  });
}

/** A file that misses its place must not take the page's: browsers would open it. */
for (const name of ['dragover', 'drop'] as const) window.addEventListener(name, (event) => event.preventDefault());
