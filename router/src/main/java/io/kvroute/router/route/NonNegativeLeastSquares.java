package io.kvroute.router.route;

import java.util.Arrays;

/**
 * Least squares with a prior and no negative coefficient, for a handful of coefficients: those that
 * would be negative are held at zero, the most negative first (Lawson and Hanson's active set,
 * without its way back).
 */
final class NonNegativeLeastSquares {

  private NonNegativeLeastSquares() {}

  /**
   * Minimises {@code θ'Pθ - 2m'θ + Σ((θ - prior)/deviation)²} over θ ≥ 0.
   *
   * @param precision P, symmetric
   * @param moment m
   * @param solution where θ goes
   */
  static void solve(
      double[][] precision,
      double[] moment,
      double[] prior,
      double[] deviation,
      double[] solution) {
    int n = moment.length;
    boolean[] held = new boolean[n];
    for (int round = 0; round < n; round++) {
      double[][] rows = new double[n][n + 1];
      for (int i = 0; i < n; i++) {
        if (held[i]) {
          rows[i][i] = 1;
          continue;
        }
        double own = 1 / (deviation[i] * deviation[i]);
        for (int j = 0; j < n; j++) {
          rows[i][j] = held[j] ? 0 : precision[i][j];
        }
        rows[i][i] += own;
        rows[i][n] = moment[i] + own * prior[i];
      }
      eliminate(rows, solution);
      int lowest = lowest(solution);
      if (solution[lowest] >= 0) {
        return;
      }
      held[lowest] = true;
    }
    Arrays.setAll(solution, i -> Math.max(0, solution[i]));
  }

  private static int lowest(double[] values) {
    int lowest = 0;
    for (int i = 1; i < values.length; i++) {
      lowest = values[i] < values[lowest] ? i : lowest;
    }
    return lowest;
  }

  /** Gauss's elimination; positive definite matrices need no pivoting. */
  private static void eliminate(double[][] rows, double[] solution) {
    int n = rows.length;
    for (int i = 0; i < n; i++) {
      for (int below = i + 1; below < n; below++) {
        double factor = rows[below][i] / rows[i][i];
        for (int j = i; j <= n; j++) {
          rows[below][j] -= factor * rows[i][j];
        }
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      double value = rows[i][n];
      for (int j = i + 1; j < n; j++) {
        value -= rows[i][j] * solution[j];
      }
      solution[i] = value / rows[i][i];
    }
  }
}
