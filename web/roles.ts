/** What the columns are for: the outcome, its rare value, the column of patients; and what follows from them. */
import { imbalance } from './columns-view.js';
import { byId, element } from './element.js';
import type { Roles, TableFacts } from './messages.js';

const select = (id: string) => byId<HTMLSelectElement>(id);

export function options(id: string, values: readonly (readonly [string, string])[], chosen: string | null | undefined): void {
  select(id).replaceChildren(...values.map(([value, text]) => element('option', { value, selected: value === chosen }, text)));
}

const valuesOf = ({ columns }: TableFacts, target: string) => columns.find(({ name }) => name === target)?.values ?? [];

/** Offers what can be an outcome: columns of few values. False where there is none. */
export function offerRoles(facts: TableFacts): boolean {
  const possible = facts.columns.filter(({ values, kind }) => kind !== 'text' && values && values.length > 0);
  const target =
    facts.roles.target ?? (possible.filter(({ values }) => values && values.length > 1).at(-1) ?? possible.at(-1))?.name ?? null;
  options(
    'target',
    possible.map(({ name }) => [name, name] as const),
    target,
  );
  const groups = facts.columns.filter(({ name }) => name !== target).map(({ name }) => [name, name] as const);
  options('group', [['', 'none: a row is a patient'], ...groups], facts.roles.group);
  if (possible.length > 0) offerValues(facts);
  return possible.length > 0;
}

/** The values of the outcome: of two the rarer is taken, of more the user has to say which. */
export function offerValues(facts: TableFacts): void {
  const target = select('target').value;
  const values = valuesOf(facts, target);
  const known = facts.roles.target === target ? facts.roles.positive : undefined;
  const choices = values.map(({ value, rows }) => [value, `${value} (${rows.toLocaleString('en')} rows)`] as const);
  if (known !== undefined || values.length <= 2) options('positive', choices, known ?? values.at(-1)?.value);
  else options('positive', [['', 'choose one'], ...choices], '');
  tellBalance(facts);
}

/** How rare the value is; ratios that are there already cannot be chosen, and the least of the others is: it keeps probabilities best. */
export function tellBalance(facts: TableFacts): void {
  const { target, positive } = rolesOf(facts);
  byId('imbalance').replaceChildren(...(positive === '' ? [] : [imbalance(facts, target, positive)]));
  const values = valuesOf(facts, target);
  const rare = values.find(({ value }) => value === positive)?.rows ?? 0;
  const others = values.reduce((sum, { rows }) => sum + rows, 0) - rare;
  const choices = [...select('ratio').options];
  for (const choice of choices) choice.disabled = rare / others >= Number(choice.value);
  const least = choices.filter(({ disabled }) => !disabled).at(-1);
  if (least) least.selected = true;
}

export const rolesOf = ({ roles }: TableFacts): Roles => ({
  target: select('target').value,
  positive: select('positive').value,
  group: select('group').value || null,
  exclude: roles.exclude ?? [],
});
