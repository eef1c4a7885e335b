package io.kvroute.router.http;

import io.kvroute.router.http.RequestReader.Incoming;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiException;

/**
 * Starts the exchange of a request whose body has arrived, after the body was decoded if it is
 * encoded. Confined to the client's event loop.
 */
final class RequestStarter {

  private final DataPortContext port;
  private final ClientConnection client;
  private final RequestReader reader;
  private final Peer peer;

  RequestStarter(DataPortContext port, ClientConnection client, RequestReader reader, Peer peer) {
    this.port = port;
    this.client = client;
    this.reader = reader;
    this.peer = peer;
  }

  void begin(Incoming.Complete request) {
    String requestId = ForwardedHeaders.requestId(request.head(), peer);
    if (request.admitted().coding() == BodyCoding.IDENTITY) {
      start(request, requestId);
    } else {
      port.decoders()
          .decode(
              request,
              client.loopContext().loop(),
              decoded -> start(reader.decoded(request, decoded), requestId),
              error -> refuse(request, requestId, error));
    }
  }

  private void start(Incoming.Complete request, String requestId) {
    if (client.isClosed()) {
      reader.releaseBody();
      return;
    }
    try {
      client.start(port.newExchange(client, request, requestId));
    } catch (ApiException e) {
      refuse(request, requestId, e.error());
    }
  }

  private void refuse(Incoming.Complete request, String requestId, ApiError error) {
    if (!client.isClosed()) {
      port.refused(request.admitted().endpoint(), requestId, peer.address(), error.status());
      client.respond(LocalResponse.of(error), requestId);
    }
  }
}
