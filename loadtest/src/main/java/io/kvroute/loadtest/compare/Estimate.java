package io.kvroute.loadtest.compare;

/**
 * A mean over runs with its margin of error: half the width of the 95 percent confidence interval,
 * by Student's t; 0 if there is only one run.
 */
record Estimate(double mean, double margin) {

  /** The normal distribution's 97.5 percent quantile. */
  private static final double Z = 1.959964;

  static Estimate of(double... values) {
    int n = values.length;
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / n;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double margin = n < 2 ? 0 : studentT(n - 1) * Math.sqrt(squares / (n - 1) / n);
    return new Estimate(mean, margin);
  }

  /**
   * The 97.5 percent quantile of Student's t, by Abramowitz and Stegun, formula 26.7.5. The error
   * is below 0.1 percent from 5 degrees of freedom on.
   */
  private static double studentT(double degrees) {
    double z3 = Math.pow(Z, 3);
    double z5 = Math.pow(Z, 5);
    double z7 = Math.pow(Z, 7);
    double z9 = Math.pow(Z, 9);
    return Z
        + (z3 + Z) / (4 * degrees)
        + (5 * z5 + 16 * z3 + 3 * Z) / (96 * Math.pow(degrees, 2))
        + (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * Math.pow(degrees, 3))
        + (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * Z) / (92160 * Math.pow(degrees, 4));
  }
}
