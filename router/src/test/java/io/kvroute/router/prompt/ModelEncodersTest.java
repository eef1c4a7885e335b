package io.kvroute.router.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.kvroute.tokenizer.RenderedPrompt;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ModelEncodersTest {

  private static final class Nothing implements ModelEncoder {
    @Override
    public RenderedPrompt render(byte[] body) {
      return new RenderedPrompt.Text(RenderedPrompt.Kind.CHAT, "", false);
    }

    @Override
    public EncodedPrompt encode(RenderedPrompt rendered) {
      return new EncodedPrompt(new int[0], 0);
    }

    @Override
    public EncodedPrompt encodeIfQuick(RenderedPrompt rendered) {
      return encode(rendered);
    }
  }

  private final AtomicLong nowMillis = new AtomicLong();
  private final List<Runnable> background = new ArrayList<>();
  private final List<String> loaded = new ArrayList<>();
  private final Set<String> missing = new HashSet<>();

  private ModelEncoder load(String location, PromptEncoderOptions options) throws IOException {
    loaded.add(location);
    if (missing.contains(location)) {
      throw new FileNotFoundException(location + ": no such model");
    }
    return new Nothing();
  }

  private ModelEncoders encoders(Map<String, String> byModel) {
    return new ModelEncoders(
        byModel,
        model -> PromptEncoderOptions.defaults(),
        this::load,
        background::add,
        nowMillis::get);
  }

  private void runBackground() {
    background.forEach(Runnable::run);
    background.clear();
  }

  @Test
  void loadsTheReplicasRootInTheBackground() {
    ModelEncoders encoders = encoders(Map.of());

    encoders.served(List.of("m"), "org/m", null);
    assertThat(encoders.find("m")).isNull();
    assertThat(encoders.problem("m")).isEqualTo("its tokenizer is being loaded");
    encoders.served(List.of("m"), "org/m", null);
    runBackground();

    assertThat(encoders.find("m")).isNotNull();
    assertThat(encoders.problems()).isEmpty();
    assertThat(loaded).containsExactly("org/m");
  }

  @Test
  void prefersTheConfiguredLocation() {
    ModelEncoders encoders = encoders(Map.of("m", "/models/mine"));

    encoders.served(List.of("m"), "org/m", null);
    encoders.served(List.of("other"), "org/other", null);
    runBackground();

    assertThat(loaded).containsExactly("/models/mine", "org/other");
  }

  @Test
  void sharesOneEncoderBetweenModelsOfOneLocation() {
    ModelEncoders encoders = encoders(Map.of());

    encoders.served(List.of("m"), "org/m", null);
    encoders.served(List.of("alias"), "org/m", null);
    runBackground();

    assertThat(encoders.find("alias")).isNotNull().isSameAs(encoders.find("m"));
    assertThat(loaded).hasSize(1);
  }

  @Test
  void aSettingForOneNameOfAModelAppliesToItsOtherNamesUnlessTheyHaveTheirOwn() {
    ModelEncoders encoders = encoders(Map.of("m", "/models/mine", "n", "/models/n", "*", "/all"));

    encoders.served(List.of("alias", "m", "n"), "org/m", null);
    encoders.served(List.of("m", "alias", "n"), "org/m", null);
    encoders.served(List.of("n", "alias", "m"), "org/m", null);
    runBackground();

    assertThat(encoders.find("alias")).isNotNull().isSameAs(encoders.find("m"));
    assertThat(loaded).containsExactly("/models/mine", "/models/n");
  }

  @Test
  void usesOneLocationForAllModelsNotNamed() {
    ModelEncoders encoders = encoders(Map.of("*", "/models/all", "n", "/models/n"));

    encoders.served(List.of("m"), "org/m", null);
    encoders.served(List.of("n"), "org/n", null);
    runBackground();

    assertThat(loaded).containsExactly("/models/all", "/models/n");
  }

  @Test
  void givesAnAdapterTheEncoderOfItsBase() {
    ModelEncoders encoders = encoders(Map.of());

    encoders.served(List.of("m"), "org/m", null);
    encoders.served(List.of("m-law"), "/adapters/law", "m");
    runBackground();

    assertThat(encoders.find("m-law")).isNotNull().isSameAs(encoders.find("m"));
  }

  @Test
  void reportsWhyThereIsNoEncoderAndRetriesRarely() {
    ModelEncoders encoders = encoders(Map.of());
    missing.add("org/m");
    encoders.served(List.of("m"), "org/m", null);
    runBackground();

    assertThat(encoders.find("m")).isNull();
    assertThat(encoders.problems()).isEqualTo(Map.of("m", "org/m: no such model"));
    encoders.served(List.of("m"), "org/m", null);
    assertThat(background).isEmpty();

    nowMillis.set(ModelEncoders.RETRY_MILLIS);
    missing.clear();
    encoders.served(List.of("m"), "org/m", null);
    runBackground();
    assertThat(encoders.find("m")).isNotNull();
  }

  @Test
  void asksForASettingWhenTheReplicaReportsNoRoot() {
    ModelEncoders encoders = encoders(Map.of());

    encoders.served(List.of("m"), null, null);

    assertThat(encoders.knows("m")).isTrue();
    assertThat(encoders.problem("m")).contains("--tokenizer m=DIR_OR_HF_ID");
    assertThat(encoders.problem("never seen")).isNull();
  }
}
