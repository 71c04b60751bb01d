/** Checks a JSON file against its form, and says in one sentence where the two differ. */
import type * as z from 'zod/mini';
import { InputError } from '../errors.js';

type Issue = z.core.$ZodRawIssue;

function explained(issue: Issue): string {
  const got = JSON.stringify(issue.input) ?? 'nothing';
  const shown = got.length > 40 ? `${got.slice(0, 37)}...` : got;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `does not know the key "${issue.keys[0]}"`;
    case 'invalid_value':
      return `expected one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}, got ${shown}`;
    case 'invalid_type':
      return `expected ${issue.expected === 'record' ? 'object' : issue.expected}, got ${shown}`;
    case 'too_small':
      return `expected at least ${issue.minimum} entry, got ${shown}`;
    default:
      return `expected a text, a number, true or false, got ${shown}`;
  }
}

/** The checked value; an {@link InputError} that names the file and the place otherwise. */
export function parseJson<Form extends z.ZodMiniType>(json: unknown, form: Form, file: string): z.output<Form> {
  let value = json;
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json);
    } catch (error) {
      throw new InputError(`${file}: this is not valid JSON (${(error as Error).message})`);
    }
  }
  const result = form.safeParse(value, { error: explained });
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  throw new InputError(`${file}: ${issue.path.length > 0 ? `"${issue.path.join('.')}" ` : ''}${issue.message}`);
}
