package io.kvroute.router.app;

import io.kvroute.router.probe.TokenizeClient;
import io.kvroute.router.prompt.EngineTokenizer;
import java.util.concurrent.CompletableFuture;

/** The replicas' own tokenizers, as prompts see them. */
record EngineTokenizers(TokenizeClient client) implements EngineTokenizer {

  @Override
  public boolean canAsk(String model) {
    return client.canAsk(model);
  }

  @Override
  public CompletableFuture<int[]> ask(String model, byte[] question, long deadlineMillis) {
    return client.ask(model, question, deadlineMillis);
  }
}
