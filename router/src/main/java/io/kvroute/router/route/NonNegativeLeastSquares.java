package io.kvroute.router.route;

import java.util.Arrays;

/**
 * Least squares with a prior and no negative coefficient, for a handful of coefficients: those that
 * would be negative are held at zero, the most negative first (Lawson and Hanson's active set,
 * without its way back). Not thread-safe.
 */
final class NonNegativeLeastSquares {

  private final int size;
  private final double[] prior;
  private final double[] priorPrecision;
  private final double[] variances;

  /**
   * A solver for coefficients that are normally distributed before anything is known.
   *
   * @param prior their means
   * @param deviation their standard deviations
   */
  NonNegativeLeastSquares(double[] prior, double[] deviation) {
    this.size = prior.length;
    this.prior = prior;
    this.priorPrecision = Arrays.stream(deviation).map(each -> 1 / (each * each)).toArray();
    this.variances = Arrays.stream(deviation).map(each -> each * each).toArray();
  }

  /** The variance of a coefficient, as last solved, were none held at zero. */
  double variance(int coefficient) {
    return variances[coefficient];
  }

  /**
   * Finds the coefficients θ ≥ 0 with the least {@code θ'Pθ - 2m'θ}, the prior added.
   *
   * @param precision P: the samples' inputs times themselves, over their variances, summed up
   * @param moment m: the samples' inputs times their values, over their variances, summed up
   * @param solution where θ goes
   */
  void solve(double[][] precision, double[] moment, double[] solution) {
    boolean[] held = new boolean[size];
    for (int round = 0; round <= size; round++) {
      double[][] rows = equations(precision, moment, held);
      eliminate(rows);
      for (int i = 0; i < size; i++) {
        solution[i] = rows[i][size];
        variances[i] = round == 0 ? rows[i][size + 1 + i] : variances[i];
      }
      int lowest = lowest(solution);
      if (solution[lowest] >= 0) {
        return;
      }
      held[lowest] = true;
    }
  }

  /** The equations, with the moment and the unit matrix on their right. */
  private double[][] equations(double[][] precision, double[] moment, boolean[] held) {
    double[][] rows = new double[size][2 * size + 1];
    for (int i = 0; i < size; i++) {
      rows[i][size + 1 + i] = 1;
      if (held[i]) {
        rows[i][i] = 1;
        continue;
      }
      for (int j = 0; j < size; j++) {
        rows[i][j] = held[j] ? 0 : precision[i][j];
      }
      rows[i][i] += priorPrecision[i];
      rows[i][size] = moment[i] + priorPrecision[i] * prior[i];
    }
    return rows;
  }

  private static int lowest(double[] values) {
    int lowest = 0;
    for (int i = 1; i < values.length; i++) {
      lowest = values[i] < values[lowest] ? i : lowest;
    }
    return lowest;
  }

  /** Gauss and Jordan's elimination; positive definite matrices need no pivoting. */
  private static void eliminate(double[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      double pivot = rows[i][i];
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] /= pivot;
      }
      for (int other = 0; other < rows.length; other++) {
        double factor = rows[other][i];
        for (int j = 0; other != i && j < rows[i].length; j++) {
          rows[other][j] -= factor * rows[i][j];
        }
      }
    }
  }
}
