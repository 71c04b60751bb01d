/** "How this file is read": what a file does not say of itself, said by the user, and the schema of what was found. */
import { takesFiles } from './drop.js';
import { byId, download, element } from './element.js';
import type { Reading } from './messages.js';

const FIELDS: Readonly<Record<keyof Reading, string>> = {
  headerLine: 'header-line',
  encoding: 'encoding',
  missing: 'missing',
  exclude: 'exclude',
  censored: 'censored',
  schema: 'schema',
};

const field = (name: keyof Reading) => byId<HTMLInputElement>(FIELDS[name]);

export const readingOf = (): Reading =>
  Object.fromEntries((Object.keys(FIELDS) as (keyof Reading)[]).map((name) => [name, field(name).value.trim()])) as unknown as Reading;

/** Another file: nothing is said of it yet. */
export function clearReading(): void {
  byId<HTMLFormElement>('reading-form').reset();
  byId<HTMLDetailsElement>('reading').open = false;
}

export function openReading(): void {
  byId<HTMLDetailsElement>('reading').open = true;
}

/** Under warnings that advise it: the way to the fields. */
export const toReading = (): HTMLElement =>
  element(
    'button',
    {
      type: 'button',
      click: () => {
        openReading();
        byId('reading').scrollIntoView({ block: 'nearest' });
        field('headerLine').focus();
      },
    },
    'Change how this file is read',
  );

interface Listeners {
  /** The fields are as they should be. */
  again(): unknown;
  /** Looks into the table and gives the schema of what is there; null where it told a mistake. */
  found(): Promise<string | null>;
}

export function listenToReading({ again, found }: Listeners): void {
  byId('reading-form').addEventListener('submit', (event) => {
    event.preventDefault();
    again();
  });
  byId('schema-found').addEventListener('click', async () => {
    const schema = await found();
    if (schema === null) return;
    field('schema').value = schema;
    field('schema').focus();
  });
  byId('schema-save').addEventListener('click', () => download('schema.json', field('schema').value, 'application/json'));
  const offerSave = () => {
    byId<HTMLButtonElement>('schema-save').disabled = field('schema').value.trim() === '';
  };
  for (const change of ['input', 'focus'] as const) field('schema').addEventListener(change, offerSave);
  takesFiles('reading', 'schema-file', async (file) => {
    field('schema').value = await file.text();
    again();
  });
}
