/** A measured value at a size. */
export interface Sample {
  readonly size: number;
  readonly value: number;
}

/** The slope between two samples on logarithmic axes: 1 is growth in proportion, 0 is none. */
export function growthExponent(small: Sample, large: Sample): number {
  return Math.log(large.value / small.value) / Math.log(large.size / small.size);
}
