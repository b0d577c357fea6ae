import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/**
 * Runs JUnit 4 classes and leaves one JSON line per test, the last one {"end":true}. Arguments: the report file and the
 * classes.
 */
public final class Junit4Report extends RunListener {
  private final PrintStream report;
  private final Map<Description, Long> started = new HashMap<>();
  private final Map<Description, String> status = new HashMap<>();

  private Junit4Report(PrintStream report) {
    this.report = report;
  }

  public static void main(String[] arguments) throws Exception {
    boolean passed = true;
    try (PrintStream report = new PrintStream(arguments[0], "UTF-8")) {
      JUnitCore core = new JUnitCore();
      core.addListener(new Junit4Report(report));
      for (int i = 1; i < arguments.length; i++) {
        Result result = core.run(Class.forName(arguments[i]));
        for (Failure failure : result.getFailures()) System.err.println(failure.getTestHeader() + ": " + failure.getTrace());
        passed &= result.wasSuccessful();
      }
      report.println("{\"end\":true}");
    }
    System.exit(passed ? 0 : 1);
  }

  @Override
  public void testStarted(Description test) {
    started.put(test, System.nanoTime());
    status.put(test, "passed");
  }

  @Override
  public void testFailure(Failure failure) {
    String found = failure.getException() instanceof AssertionError ? "failed" : "errored";
    // Outside of any test: a static set-up method.
    if (!started.containsKey(failure.getDescription())) write(failure.getDescription(), found, 0);
    else status.put(failure.getDescription(), found);
  }

  @Override
  public void testAssumptionFailure(Failure failure) {
    status.put(failure.getDescription(), "skipped");
  }

  @Override
  public void testIgnored(Description test) {
    write(test, "skipped", 0);
  }

  @Override
  public void testFinished(Description test) {
    write(test, status.get(test), (System.nanoTime() - started.get(test)) / 1e9);
  }

  private void write(Description test, String found, double seconds) {
    String id = test.getClassName() + "::" + (test.getMethodName() == null ? "" : test.getMethodName());
    StringBuilder quoted = new StringBuilder();
    for (char c : id.toCharArray()) {
      if (c < 32 || c > 126 || c == '"' || c == '\\') quoted.append(String.format("\\u%04x", (int) c));
      else quoted.append(c);
    }
    report.println("{\"id\":\"" + quoted + "\",\"status\":\"" + found + "\",\"seconds\":" + seconds + "}");
  }
}
