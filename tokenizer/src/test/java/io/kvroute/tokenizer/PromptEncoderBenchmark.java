package io.kvroute.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.kvroute.tokenizer.bpe.BpeTokenizer;
import io.kvroute.tokenizer.bpe.UnsupportedTokenizerException;
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
 * From a chat request's body to Qwen3's ids, for prompts of so many tokens: with no piece of it
 * known, by our own encoder and by the library, on the tenth turn of a conversation whose ninth was
 * seen, and DJL's plain {@code encode()} of the rendered text alone. Each call's last two messages
 * are new.
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
  private TextEncoder own;
  private TextEncoder library;
  private Segmentation segmentation;
  private Affixes affixes;
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
      LibraryTokenizer tokenizer = new LibraryTokenizer(json.text());
      segmentation = Objects.requireNonNull(Segmentation.of(json, tokenizer));
      affixes = Objects.requireNonNull(Affixes.of(tokenizer));
      library = new LibraryEncoder(tokenizer, null);
      own =
          new BpeEncoder(
              BpeTokenizer.of(json.text(), json.head(), text -> tokenizer.encode(text, false)),
              affixes);
      djl =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json.text().getBytes(StandardCharsets.UTF_8)),
              Map.of("truncation", "false", "addSpecialTokens", "false"));
    } catch (IOException | UnsupportedTokenizerException e) {
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
  public Object newText() throws PromptException {
    return encode(own);
  }

  @Benchmark
  public Object newTextByTheLibrary() throws PromptException {
    return encode(library);
  }

  private Object encode(TextEncoder encoderOfPieces) throws PromptException {
    RenderedPrompt.Text rendered = (RenderedPrompt.Text) encoder.render(body);
    SegmentedTokenizer fresh =
        new SegmentedTokenizer(
            encoderOfPieces, segmentation, affixes, new SegmentCache(CACHE_BYTES));
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
