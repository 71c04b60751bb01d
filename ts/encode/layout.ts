/** Where each feature column lies in an encoded matrix; everyone who walks an encoding walks this list. */
export interface Span {
  readonly column: string;
  /** `number`: one value; `mode`: which mode it belongs to, and `onehot`: its level, one 0/1 value each; `missing`: 0/1 whether the cell was missing. */
  readonly kind: 'number' | 'mode' | 'onehot' | 'missing';
  readonly start: number;
  readonly width: number;
}
