package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.RequestScanner;
import io.kvroute.router.openai.UsageSplice;
import io.kvroute.router.upstream.OutgoingRequest;
import io.kvroute.router.wire.Head;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns an admitted request whose body has come into one that can be routed. */
final class RequestPreparer {

  /**
   * A request to be routed.
   *
   * @param session what the client says its session is
   * @param usageAdded whether the replica is asked for usage that the client did not ask for
   */
  record Accepted(
      ApiRequest request,
      String model,
      @Nullable String session,
      String requestId,
      boolean usageAdded,
      OutgoingRequest outgoing) {

    /** About how many tokens an engine has to read, where nothing better is known. */
    int estimatedTokens() {
      return switch (request.endpoint()) {
        case TOKENIZE, DETOKENIZE -> 0;
        default -> request.body().length() / BYTES_PER_TOKEN;
      };
    }
  }

  private static final int BYTES_PER_TOKEN = 4;

  private final Fleet fleet;
  private final DataPortMetrics metrics;
  private final String sessionHeader;
  private final boolean addUsage;

  RequestPreparer(DataPlane plane, DataPortOptions options) {
    this.fleet = plane.fleet();
    this.metrics = plane.metrics();
    this.sessionHeader = options.sessionHeader();
    this.addUsage = options.addUsage();
  }

  /**
   * Reads the body.
   *
   * @throws ApiException if it is none that any engine would take
   */
  Accepted accept(
      RequestGate.Verdict.Admit admitted,
      Head head,
      byte[] body,
      String requestId,
      String clientAddress)
      throws ApiException {
    long start = System.nanoTime();
    ApiRequest request = read(admitted.endpoint(), body);
    String model = request.model();
    if (model == null) {
      model = onlyModel();
      request = request.forModel(model);
    }
    metrics.parsed(System.nanoTime() - start);
    boolean added = addUsage && request.usageAddable();
    String lines = ForwardedLines.of(head, clientAddress, requestId);
    return new Accepted(
        request,
        model,
        head.value(sessionHeader),
        requestId,
        added,
        new OutgoingRequest(head, admitted.target(), lines, added ? UsageSplice.into(body) : body));
  }

  private static ApiRequest read(Endpoint endpoint, byte[] body) throws ApiException {
    if (!RequestGate.takesForms(endpoint)) {
      return RequestScanner.scan(endpoint, body);
    }
    return new ApiRequest(
        endpoint,
        FormModel.find(body),
        false,
        false,
        false,
        false,
        0,
        1,
        null,
        Set.of(),
        new ApiRequest.Body(body));
  }

  /**
   * Engines take a request that names no model for their own; so where there is but one, so do we.
   */
  private String onlyModel() throws ApiException {
    List<String> models = fleet.snapshot().models();
    if (models.size() != 1) {
      throw new ApiException(ApiErrors.missing("model"));
    }
    return models.getFirst();
  }
}
