/**
 * A piece of work of a known size, ready to be run again and again on the same inputs; our side of what other systems are measured
 * beside. Made by the functions of the files work-*.ts, from given inputs or from the seeded ones of inputs.ts and cohort.ts.
 */
export interface Work {
  run(): unknown;
  /** What one run does: floating-point operations, steps, rows, numbers. */
  readonly amount: number;
  /** A number that another system gets as well from the same inputs; where random numbers have a part in it, about the same. */
  check(): number | Promise<number>;
}
