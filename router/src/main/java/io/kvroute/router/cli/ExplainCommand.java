package io.kvroute.router.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running router where it would send a request. */
@Command(
    name = "explain",
    description = {
      "Shows where a running router would send a request, and why.",
      "The request is not sent."
    })
@SuppressWarnings("NullAway.Init") // picocli sets required fields
final class ExplainCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Console console;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      required = true,
      description = "The router's admin port, such as http://127.0.0.1:9090.")
  private URI admin;

  @Option(names = "--json", description = "Print the response unchanged, for programs.")
  private boolean json;

  @Parameters(
      paramLabel = "REQUEST.json",
      description = "The body of a chat or completion request.")
  private Path request;

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, CommandException {
    if (!Files.isReadable(request)) {
      throw new CommandException(
          ExitCode.USAGE, request + ": cannot be read (expected: a request's JSON body)");
    }
    HttpResponse<String> response = ask();
    JsonNode body = parsed(response.body());
    if (response.statusCode() != 200) {
      throw new CommandException(
          ExitCode.FAILED,
          admin
              + " responds "
              + response.statusCode()
              + ": "
              + body.at("/error/message").asString(""));
    }
    console.out().print(json ? response.body().strip() + "\n" : ExplainTable.of(body));
    return ExitCode.FINE;
  }

  private HttpResponse<String> ask() throws IOException, InterruptedException, CommandException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      HttpRequest post =
          HttpRequest.newBuilder(endpoint())
              .timeout(TIMEOUT)
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofFile(request))
              .build();
      return client.send(post, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException | HttpTimeoutException e) {
      throw new CommandException(
          ExitCode.FAILED, "no router answers at " + admin + " (expected: its admin port)");
    }
  }

  private URI endpoint() throws CommandException {
    if (!"http".equals(admin.getScheme()) || admin.getHost() == null) {
      throw new CommandException(
          ExitCode.USAGE, "--admin: " + admin + " (expected: http://HOST:PORT)");
    }
    return admin.resolve("/explain");
  }

  private JsonNode parsed(String body) throws CommandException {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      throw new CommandException(
          ExitCode.FAILED, admin + " does not answer as a kvroute admin port does");
    }
  }
}
