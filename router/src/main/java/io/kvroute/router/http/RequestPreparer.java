package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.RequestScanner;
import io.kvroute.router.openai.UsageInjection;
import io.kvroute.router.upstream.OutgoingRequest;
import io.kvroute.router.wire.Head;
import java.util.Set;

/**
 * Turns an admitted request with its complete body into one that can be routed and sent.
 * Thread-safe.
 */
final class RequestPreparer {

  /**
   * A request that is ready to be routed and sent.
   *
   * @param request with its body
   * @param parseNanos the time that it took to read the body
   */
  record PreparedRequest(
      RequestInfo info, ApiRequest request, OutgoingRequest outgoing, long parseNanos) {

    /** Estimates the prompt's length in tokens from the size of the body. */
    int estimatedTokens() {
      return switch (request.endpoint()) {
        case TOKENIZE, DETOKENIZE, MESSAGES_COUNT_TOKENS, CHAT_COMPLETIONS_RENDER -> 0;
        default -> request.body().length() / BYTES_PER_TOKEN;
      };
    }
  }

  private static final int BYTES_PER_TOKEN = 4;

  private final Fleet fleet;
  private final DataPortMetrics metrics;
  private final String sessionHeader;
  private final boolean addUsage;

  RequestPreparer(DataPortServices services, DataPortOptions options) {
    this.fleet = services.fleet();
    this.metrics = services.metrics();
    this.sessionHeader = options.api().sessionHeader();
    this.addUsage = options.api().addUsage();
  }

  /**
   * Reads the body and builds the request for the replica.
   *
   * @throws ApiException if no engine would accept the body
   */
  PreparedRequest prepare(
      RequestGate.Verdict.Admit admitted, Head head, byte[] body, String requestId, Peer peer)
      throws ApiException {
    long start = System.nanoTime();
    ApiRequest request = read(admitted.endpoint(), body);
    String model = request.model();
    if (model == null || model.isEmpty()) {
      model = baseModel();
      request = request.forModel(model);
    }
    long parseNanos = System.nanoTime() - start;
    metrics.parsed(parseNanos);
    boolean added = addUsage && request.output().usageAddable();
    String lines = ForwardedHeaders.of(head, admitted.host(), peer, requestId);
    String session = head.value(sessionHeader);
    byte[] outgoingBody = added ? UsageInjection.into(body) : body;
    return new PreparedRequest(
        new RequestInfo(
            request.withoutBody(),
            model,
            session,
            requestId,
            peer.address(),
            admitted.key(),
            added),
        request,
        new OutgoingRequest(head, peer.believed(), admitted.target(), lines, outgoingBody),
        parseNanos);
  }

  private static ApiRequest read(Endpoint endpoint, byte[] body) throws ApiException {
    if (!RequestGate.takesForms(endpoint)) {
      return RequestScanner.scan(endpoint, body);
    }
    return new ApiRequest(
        endpoint,
        MultipartModelField.find(body),
        ApiRequest.Output.NONE,
        null,
        Set.of(),
        new ApiRequest.Body(body));
  }

  /**
   * The model of a request that names none. An engine answers such a request with its base model,
   * which it lists first, so the router does too where all replicas have the same one. Until a
   * replica has reported its models, the answer is 503.
   */
  private String baseModel() throws ApiException {
    String base = null;
    for (ReplicaView replica : fleet.snapshot().replicas()) {
      ServedModel here = replica.facts().base();
      if (here != null && base != null && !base.equals(here.id())) {
        throw new ApiException(ApiErrors.missing("model"));
      }
      base = here == null ? base : here.id();
    }
    if (base == null && fleet.snapshot().models().isEmpty()) {
      throw new ApiException(ApiErrors.noReplica("default"));
    }
    if (base == null) {
      throw new ApiException(ApiErrors.missing("model"));
    }
    return base;
  }
}
