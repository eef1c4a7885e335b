package io.kvroute.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.simulate.Noise;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that the scenarios' noise parameters fit the recorded engine. */
final class NoiseFitTest {

  @Test
  void aNoisyEngineTakesAboutAsLongAsTheRecordedOneForEachShapeOfTraffic() throws IOException {
    Map<String, NoiseFit.Times> recorded = NoiseFit.read(NoiseFit.RECORDING);
    assertThat(recorded).hasSize(6);
    recorded.forEach(
        (shape, times) -> {
          NoiseFit.Times modelled =
              NoiseFit.play(
                  shape,
                  EngineProfile.tinyOnCpu().cost(),
                  Noise.TINY_ON_CPU,
                  NoisyScenarios.CLIENT_REQUEST_NANOS,
                  NoisyScenarios.CLIENT_CHUNK_NANOS);
          assertThat(modelled.meanFirstMillis())
              .as(shape)
              .isCloseTo(times.meanFirstMillis(), withinPercentage(20));
        });
  }
}
