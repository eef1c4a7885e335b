package io.kvroute.tokenizer.bpe;

import io.kvroute.tokenizer.ParityCorpus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Text to ids: the encoder with its cache of words empty before each text ({@code cleared}), with a
 * cache filled by other text ({@code warm}), and the Hugging Face library, ids only ({@code
 * library}), which has a cache of its own. Texts have so many tokens; each call takes the next one
 * of those measured, of which there are many, so that none is met again soon.
 *
 * <p>All text is of the JDK's sources (64 MB of code, which hold 13 MB of prose), half of the files
 * for warming, half for measuring: {@code english} is the prose of documentation comments, {@code
 * code} whole files, {@code chinese} the Chinese messages of resource bundles (40 KB), again and
 * again from random places on, {@code random} characters of all of Unicode.
 *
 * <p>{@code -Dkvroute.bpe.model=NAME} takes another tokenizer of the corpus than Qwen3's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx3g", "-XX:+UseSerialGC"})
@Threads(1)
public class BpeBenchmark {

  private static final long SEED = 20261128;
  private static final long SOURCE_BYTES = 32_000_000;
  private static final int MEASURED_CHARS = 8_000_000;

  /** What is read. */
  @Param({"english", "code", "chinese", "random"})
  public String text = "";

  @Param({"1000", "10000", "50000"})
  public int tokens;

  private @Nullable Tokenizers both;
  private final List<String> texts = new ArrayList<>();

  /** A thread's place among the texts. */
  @State(Scope.Thread)
  public static class Place {
    private int next;
  }

  /** Reads texts and fills the cache. */
  @Setup
  public void read() throws IOException, UnsupportedTokenizerException {
    String model = System.getProperty("kvroute.bpe.model", "qwen3");
    both = Tokenizers.of(model, ParityCorpus.open().tokenizerJson(model));
    String warming = all(0);
    String measured = all(1);
    int sample = Math.min(200_000, measured.length());
    double charsPerToken = (double) sample / both().ids(measured.substring(0, sample)).length;
    int length = (int) (tokens * charsPerToken);
    for (int at = 0; at + length <= Math.min(measured.length(), MEASURED_CHARS); at += length) {
      texts.add(whole(measured, at, at + length));
    }
    for (int at = 0; at < warming.length(); at += 100_000) {
      String part = whole(warming, at, Math.min(warming.length(), at + 100_000));
      both().ids(part);
      if (at < 1_000_000) {
        both().library().encode(part);
      }
    }
    System.out.printf(
        "%s: %d chars for warming, %d for measuring, %.2f chars a token, %d texts%n",
        text, warming.length(), measured.length(), charsPerToken, texts.size());
  }

  private String all(int half) throws IOException {
    return switch (text) {
      case "english" ->
          JdkSources.files(JdkSources::isCode, SOURCE_BYTES, half, 2).stream()
              .map(JdkSources::prose)
              .collect(Collectors.joining("\n"));
      case "code" -> String.join("\n", JdkSources.files(JdkSources::isCode, SOURCE_BYTES, half, 2));
      case "chinese" -> chinese(half);
      default -> random(half);
    };
  }

  private static String chinese(int half) throws IOException {
    List<String> phrases = new ArrayList<>();
    for (String file :
        JdkSources.files(name -> name.matches(".*/[^/]+_zh_CN\\.java"), 1L << 40, 0, 1)) {
      for (String line : file.lines().toList()) {
        String phrase = line.replaceAll("[\\x00-\\x7f]+", "");
        if (phrase.codePoints().filter(c -> c >= 0x4e00 && c < 0xa000).count() > 4
            && Math.floorMod(phrase.hashCode(), 2) == half) {
          phrases.add(phrase);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    Random random = new Random(SEED + half);
    while (text.length() < MEASURED_CHARS / 2) {
      Collections.shuffle(phrases, random);
      for (String phrase : phrases) {
        int cut = random.nextInt(phrase.length());
        text.append(phrase, cut, phrase.length()).append("，。\n".charAt(random.nextInt(3)));
      }
    }
    return text.toString();
  }

  private static String random(int half) {
    Random random = new Random(SEED + half);
    StringBuilder text = new StringBuilder();
    while (text.length() < MEASURED_CHARS / 2) {
      int c = random.nextInt(0x20000);
      if (Character.isDefined(c) && Character.getType(c) != Character.SURROGATE) {
        text.appendCodePoint(c);
      }
    }
    return text.toString();
  }

  /** Does not cut surrogates apart. */
  private static String whole(String text, int from, int to) {
    int start = from > 0 && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
    int end = Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
    return text.substring(start, end);
  }

  private Tokenizers both() {
    return Objects.requireNonNull(both);
  }

  private String next(Place place) {
    return texts.get(Math.floorMod(place.next++ * 31, texts.size()));
  }

  @Benchmark
  public Object cleared(Place place) {
    both().own().clearCache();
    return encode(place);
  }

  @Benchmark
  public Object warm(Place place) {
    return encode(place);
  }

  private Object encode(Place place) {
    String next = next(place);
    IdBuffer ids = new IdBuffer(next.length() / 2);
    both().own().encode(next, ids);
    return ids;
  }

  @Benchmark
  public Object library(Place place) {
    return both().library().encode(next(place));
  }

  /** Takes JMH's own options, {@code -p tokens=10000 -t 2 -e cleared} say. */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    new Runner(
            new OptionsBuilder()
                .parent(new CommandLineOptions(args))
                .include("\\." + BpeBenchmark.class.getSimpleName() + "\\.")
                .build())
        .run();
  }
}
