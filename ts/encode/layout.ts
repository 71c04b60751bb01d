/** Where each feature column lies in an encoded matrix; everyone who walks an encoding walks this list. */
export interface Span {
  readonly column: string;
  /** `number`: one value; `onehot`: one 0/1 value a level; `missing`: 0/1 whether the cell was missing. */
  readonly kind: 'number' | 'onehot' | 'missing';
  readonly start: number;
  readonly width: number;
}
