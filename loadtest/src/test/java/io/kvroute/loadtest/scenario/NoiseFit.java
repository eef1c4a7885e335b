package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.StepCost;
import io.kvroute.loadtest.simulate.Answered;
import io.kvroute.loadtest.simulate.Knowledge;
import io.kvroute.loadtest.simulate.Noise;
import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.router.route.RouterOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fits {@link Noise} and engine speed to a recording of a real engine, which got its requests
 * directly and ran on one core.
 *
 * <p>The program simulates each shape of the recorded traffic. It compares the mean and quantiles
 * of two times with the recording: the time to first token, and the mean time between tokens. The
 * error is the root mean square of the logarithms of their ratios. The search tries to multiply and
 * divide one parameter at a time by a factor, and keeps the change if the error falls. Each
 * parameter has its own factor, which starts at 1.5, grows after a success and shrinks after a
 * failure. Each evaluation simulates every shape several times, so a fit takes minutes.
 *
 * <p>Example of one round:
 *
 * <pre>
 * stepNanos 9e6, error 0.160, factor 1.5
 * stepNanos * 1.5: error 0.171    discarded
 * stepNanos / 1.5: error 0.155    kept; the factor becomes 1.8
 * sequenceNanos * 1.5: ...        the next parameter
 * </pre>
 *
 * <p>Run: {@code NoiseFit [RECORDING [ROUNDS]]}. It prints the parameters and the remaining error.
 */
final class NoiseFit {

  static final Path RECORDING = Path.of("src/test/resources/vllm-0.32/times.jsonl.gz");

  private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95, 0.98};

  private static final EngineProfile TINY = EngineProfile.tinyOnCpu();

  /** Number of runs per shape. */
  private static final int SEEDS = 3;

  private static final String[] NAMES = {
    "nanosPerToken",
    "stepNanos",
    "sequenceNanos",
    "latencyNanos",
    "clientRequestNanos",
    "clientChunkNanos",
    "requestNanos",
    "promptTokenNanos",
    "chunkNanos",
    "stepDeviation",
    "requestDeviation",
    "pausesPerSecond",
    "pauseNanos"
  };

  private static final double[] START = {
    1.5e4, 5e6, 1e5, 7e6, 2e6, 3e5, 3e6, 6e3, 2e5, 0.2, 0.4, 0.5, 40e6
  };

  /** The times of one shape of traffic: to the first token, and the mean time between tokens. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Times(double[] firstMillis, double[] betweenMillis) {

    double meanFirstMillis() {
      return Arrays.stream(firstMillis).average().orElseThrow();
    }

    double[] summary() {
      double[] summary = new double[2 * (QUANTILES.length + 1)];
      summarize(firstMillis, summary, 0);
      summarize(betweenMillis, summary, QUANTILES.length + 1);
      return summary;
    }

    private static void summarize(double[] millis, double[] into, int at) {
      double[] sorted = millis.clone();
      Arrays.sort(sorted);
      into[at] = Arrays.stream(sorted).average().orElseThrow();
      for (int i = 0; i < QUANTILES.length; i++) {
        into[at + 1 + i] = sorted[(int) (QUANTILES[i] * sorted.length)];
      }
    }
  }

  private final Map<String, double[]> recorded = new TreeMap<>();

  private NoiseFit(Map<String, Times> times) {
    times.forEach((shape, taken) -> recorded.put(shape, taken.summary()));
  }

  public static void main(String[] args) throws IOException {
    Path file = args.length > 0 ? Path.of(args[0]) : RECORDING;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
    new NoiseFit(read(file)).search(rounds, System.out);
  }

  private void search(int rounds, PrintStream out) {
    double[] best = START.clone();
    double least = distance(best);
    double[] factor = new double[best.length];
    Arrays.fill(factor, 1.5);
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < best.length; i++) {
        boolean closer = false;
        for (double by : new double[] {factor[i], 1 / factor[i]}) {
          double[] tried = best.clone();
          tried[i] *= by;
          double distance = distance(tried);
          if (distance < least) {
            least = distance;
            best = tried;
            closer = true;
            break;
          }
        }
        factor[i] = closer ? Math.min(2, factor[i] * 1.2) : 1 + (factor[i] - 1) * 0.7;
      }
    }
    report(best, least, out);
  }

  private void report(double[] parameters, double distance, PrintStream out) {
    out.printf(Locale.ROOT, "typical error %.0f %%%n", 100 * Math.sqrt(distance));
    for (int i = 0; i < NAMES.length; i++) {
      out.printf(Locale.ROOT, "%-16s %.3g%n", NAMES[i], parameters[i]);
    }
    out.printf("ms: mean and %s, first token | between tokens%n", Arrays.toString(QUANTILES));
    recorded.forEach(
        (shape, summary) -> {
          out.printf(Locale.ROOT, "%-22s recorded %s%n", shape, text(summary));
          out.printf(
              Locale.ROOT, "%-22s modelled %s%n", "", text(play(shape, parameters).summary()));
        });
  }

  private static String text(double[] summary) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < summary.length; i++) {
      text.append(i == summary.length / 2 ? " |" : "");
      text.append(String.format(Locale.ROOT, " %6.1f", summary[i]));
    }
    return text.toString();
  }

  /** The mean square of the logarithms of all ratios. */
  private double distance(double[] parameters) {
    double squares = 0;
    int count = 0;
    for (Map.Entry<String, double[]> shape : recorded.entrySet()) {
      double[] modelled = play(shape.getKey(), parameters).summary();
      for (int i = 0; i < modelled.length; i++) {
        double error = Math.log(modelled[i] / shape.getValue()[i]);
        squares += error * error;
        count++;
      }
    }
    return squares / count;
  }

  private static Times play(String shape, double[] p) {
    return play(
        shape,
        new StepCost(TINY.cost().weightReadNanos(), p[0], 10, 500),
        new Noise(
            new Noise.EngineWork(p[1], p[2]),
            new Noise.ApiServer(p[3], p[6], p[7], p[8]),
            new Noise.Scatter(p[9], p[10]),
            new Noise.Pauses(p[11], p[12])),
        p[4],
        p[5]);
  }

  /** Simulates a shape on a model of the recorded engine. */
  static Times play(
      String shape,
      StepCost cost,
      Noise noise,
      double clientRequestNanos,
      double clientChunkNanos) {
    List<Answered> answered = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      VirtualFleet fleet =
          new VirtualFleet(
              RouterOptions.DEFAULTS.withPolicy("round-robin"), Knowledge.COUNTS, seed);
      fleet.join(TINY.withCost(cost), noise, fleet.host(1));
      fleet.clientsOn(fleet.host(1), clientRequestNanos, clientChunkNanos);
      traffic(shape).play(fleet, new SplittableRandom(seed));
      answered.addAll(fleet.run());
    }
    return new Times(
        answered.stream().mapToDouble(one -> one.ttftNanos() / 1e6).toArray(),
        answered.stream().mapToDouble(one -> (one.e2eNanos() - one.ttftNanos()) / 15e6).toArray());
  }

  private static Traffic traffic(String shape) {
    String[] words = shape.split(" ", -1);
    int[] n = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
    return switch (words[0]) {
      case "conversations" -> NoisyScenarios.conversations(n[0], n[1], n[2]);
      case "burst" -> NoisyScenarios.bursts(n[0], n[1]);
      case "zipf" -> NoisyScenarios.zipf(n[0], n[1]);
      default -> throw new IllegalArgumentException("shape: " + shape);
    };
  }

  /** The times of a recording, by shape. */
  static Map<String, Times> read(Path file) throws IOException {
    Map<String, List<double[]>> byShape = new TreeMap<>();
    JsonMapper json = new JsonMapper();
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode one = json.readTree(line);
        double first = one.get("ttft_ms").asDouble();
        double between = (one.get("e2e_ms").asDouble() - first) / 15;
        byShape
            .computeIfAbsent(one.get("shape").asString(), shape -> new ArrayList<>())
            .add(new double[] {first, between});
      }
    }
    Map<String, Times> times = new TreeMap<>();
    byShape.forEach(
        (shape, all) ->
            times.put(
                shape,
                new Times(
                    all.stream().mapToDouble(one -> one[0]).toArray(),
                    all.stream().mapToDouble(one -> one[1]).toArray())));
    return times;
  }
}
