package io.kvroute.router.admin;

import io.kvroute.router.openai.ApiRequest;
import java.util.Map;

/**
 * A request of the admin port.
 *
 * @param parameters what its path and its query name
 */
record AdminRequest(Map<String, String> parameters, ApiRequest.Body body) {

  String parameter(String name, String fallback) {
    return parameters.getOrDefault(name, fallback);
  }
}
