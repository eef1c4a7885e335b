package io.kvroute.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Measures from the body of a chat request to Qwen3's ids, for prompts of several lengths: with
 * empty caches, with only words known, and on the tenth turn of a conversation whose ninth turn was
 * encoded before. Also measures DJL's plain {@code encode()} of the rendered text. The last two
 * messages of each call are new.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx2g", "-XX:+UseSerialGC"})
public class PromptEncoderBenchmark {

  private static final long CACHE_BYTES = 64L << 20;

  @Param({"1000", "10000", "50000"})
  public int tokens;

  private PromptEncoder encoder;
  private NativeTokenizer tokenizer;
  private Segmentation segmentation;
  private Affixes affixes;
  private WordCutter cutter;
  private WordTokenizer words;
  private HuggingFaceTokenizer djl;
  private byte[] body = {};
  private int[] places = {};
  private int calls;
  private String text = "";

  public PromptEncoderBenchmark() {
    try {
      ModelFiles files = BundledModel.qwen3();
      TokenizerJson json = TokenizerJson.parse(files.tokenizerJson());
      encoder =
          PromptEncoder.open(files, PromptEncoderOptions.defaults().withCacheBytes(CACHE_BYTES));
      tokenizer = new NativeTokenizer(json.text());
      segmentation = Objects.requireNonNull(Segmentation.of(json, tokenizer));
      cutter = Objects.requireNonNull(WordCutter.of(json));
      words = new WordTokenizer(tokenizer, cutter);
      affixes = Objects.requireNonNull(Affixes.of(tokenizer));
      djl =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json.text().getBytes(StandardCharsets.UTF_8)),
              Map.of("truncation", "false", "addSpecialTokens", "false"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Setup
  public void seeTheNinthTurn() throws PromptException {
    Conversations conversations = new Conversations(tokens, 1);
    int before = encoder.encode(conversations.turnNine()).count();
    body = conversations.turnTen();
    places = Conversations.places(body);
    text = ((RenderedPrompt.Text) encoder.render(body)).text();
    int all = encoder.encode(body).count();
    System.out.printf(Locale.ROOT, "turn 10: %d tokens, %d of them new%n", all, all - before);
  }

  @Setup(Level.Invocation)
  public void askSomethingNew() {
    Conversations.makeNew(body, places, ++calls);
  }

  @Benchmark
  public Object cold() throws PromptException {
    return encode(new WordTokenizer(tokenizer, cutter));
  }

  @Benchmark
  public Object newTextOfKnownWords() throws PromptException {
    return encode(words);
  }

  private Object encode(WordTokenizer known) throws PromptException {
    RenderedPrompt.Text rendered = (RenderedPrompt.Text) encoder.render(body);
    SegmentedTokenizer fresh =
        new SegmentedTokenizer(
            tokenizer, segmentation, affixes, new SegmentCache(CACHE_BYTES), known);
    return Objects.requireNonNull(fresh.encode(rendered.text(), false, Integer.MAX_VALUE));
  }

  @Benchmark
  public EncodedPrompt turnTen() throws PromptException {
    return encoder.encode(body);
  }

  @Benchmark
  public RenderedPrompt turnTenRenderOnly() throws PromptException {
    return encoder.render(body);
  }

  @Benchmark
  public Encoding djlPlainEncode() {
    return djl.encode(text);
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include("\\." + PromptEncoderBenchmark.class.getSimpleName())
                .addProfiler("gc")
                .build())
        .run();
  }
}
