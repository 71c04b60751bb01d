/** What several cells of a split need and one of them makes: a fitted model, or all numbers of a method that knows no ratio. */

/** What the cells of a group share. */
export interface Shared {
  /** What `make` gives, made at the first call of this key. A failure is kept too: the same would fail again. */
  once<Value>(key: string, make: () => Promise<Value>): Promise<Value>;
}

/** One for each group of cells; what it keeps goes with it. */
export function newShared(): Shared {
  const made = new Map<string, Promise<unknown>>();
  return {
    once<Value>(key: string, make: () => Promise<Value>): Promise<Value> {
      let value = made.get(key) as Promise<Value> | undefined;
      if (!value) {
        value = make();
        made.set(key, value);
      }
      return value;
    },
  };
}
