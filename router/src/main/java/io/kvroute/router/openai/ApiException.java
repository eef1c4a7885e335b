package io.kvroute.router.openai;

/** A request that is answered with an error. Carries no stack: it is the client's fault. */
public final class ApiException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  public ApiException(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  public ApiError error() {
    return error;
  }
}
