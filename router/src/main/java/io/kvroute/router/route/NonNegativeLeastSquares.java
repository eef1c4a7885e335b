package io.kvroute.router.route;

import java.util.Arrays;

/**
 * Weighted least squares with a normal prior and no negative coefficient, for a handful of
 * coefficients. Solves the normal equations by elimination; while a coefficient is negative, fixes
 * the most negative one at zero and solves again. This is Lawson and Hanson's active-set method
 * (Solving Least Squares Problems, 1974) without releasing fixed coefficients. A solution of n
 * coefficients costs O(n³), at most n + 1 times. Not thread-safe.
 *
 * <pre>
 *   value = a + b·x, prior a, b ~ N(0, 1), samples (x, value): (0, 2), (1, 1), (2, 0), variance 1
 *   precision {3, 3}, {3, 5}; moment {3, 1}; with the prior {4, 3}, {3, 6}
 *   first solution:  a = 1, b = -1/3: b is negative and fixed at zero
 *   second solution: a = 3/4, b = 0
 * </pre>
 */
final class NonNegativeLeastSquares {

  private final int size;
  private final double[] prior;
  private final double[] priorPrecision;
  private final double[] variances;

  /**
   * Creates a solver.
   *
   * @param prior the coefficients' prior means
   * @param deviation their prior standard deviations
   */
  NonNegativeLeastSquares(double[] prior, double[] deviation) {
    this.size = prior.length;
    this.prior = prior;
    this.priorPrecision = Arrays.stream(deviation).map(each -> 1 / (each * each)).toArray();
    this.variances = Arrays.stream(deviation).map(each -> each * each).toArray();
  }

  /** The variance of a coefficient in the last solution, before any was fixed at zero. */
  double variance(int coefficient) {
    return variances[coefficient];
  }

  /**
   * Finds the coefficients θ ≥ 0 that minimize {@code θ'Pθ - 2m'θ} plus the prior's term.
   *
   * @param precision P: the sum over samples of (inputs · inputs') / variance
   * @param moment m: the sum over samples of inputs · value / variance
   * @param solution receives θ
   */
  void solve(double[][] precision, double[] moment, double[] solution) {
    boolean[] fixed = new boolean[size];
    for (int round = 0; round <= size; round++) {
      double[][] rows = equations(precision, moment, fixed);
      eliminate(rows);
      for (int i = 0; i < size; i++) {
        solution[i] = rows[i][size];
        variances[i] = round == 0 ? rows[i][size + 1 + i] : variances[i];
      }
      int lowest = lowest(solution);
      if (solution[lowest] >= 0) {
        return;
      }
      fixed[lowest] = true;
    }
  }

  /** The normal equations; right of them the moment and, for the variances, the unit matrix. */
  private double[][] equations(double[][] precision, double[] moment, boolean[] fixed) {
    double[][] rows = new double[size][2 * size + 1];
    for (int i = 0; i < size; i++) {
      rows[i][size + 1 + i] = 1;
      if (fixed[i]) {
        rows[i][i] = 1;
        continue;
      }
      for (int j = 0; j < size; j++) {
        rows[i][j] = fixed[j] ? 0 : precision[i][j];
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

  /** Gauss-Jordan elimination; a positive definite matrix needs no pivoting. */
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
