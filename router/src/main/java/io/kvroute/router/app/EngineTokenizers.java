package io.kvroute.router.app;

import io.kvroute.router.probe.TokenizeClient;
import io.kvroute.router.prompt.EngineTokenizer;
import java.util.concurrent.CompletableFuture;

/** Gives the prompt pipeline access to the replicas' own tokenizers. */
record EngineTokenizers(TokenizeClient client) implements EngineTokenizer {

  @Override
  public boolean canAsk(String model) {
    return client.canAsk(model);
  }

  @Override
  public CompletableFuture<int[]> ask(String model, byte[] tokenizeBody, long deadlineMillis) {
    return client.ask(model, tokenizeBody, deadlineMillis);
  }
}
