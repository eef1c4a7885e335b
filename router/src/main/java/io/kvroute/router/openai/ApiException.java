package io.kvroute.router.openai;

/**
 * Thrown for a request that must be answered with an error. Has no stack trace: the cause lies with
 * the client.
 */
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
