package copatcher_poc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;

/**
 * Runs a PoC and says in a file whether it came to its own end. Arguments: the class, the file; the word for the file is
 * on standard input. The word is left when main returned, when all tests of a class without one passed, or when the
 * class itself asked to exit with 0; with " failed" after it when an exception ended main or a test, or the class asked to
 * exit with another status; not when other code ended the process. For Java 8 and later.
 */
public final class PocMain {
  private static String started;
  private static Path end;
  private static byte[] word;

  public static void main(String[] arguments) throws Throwable {
    started = arguments[0];
    end = Paths.get(arguments[1]);
    word = new BufferedReader(new InputStreamReader(System.in)).readLine().getBytes();
    try {
      run(Class.forName(started));
    } catch (InvocationTargetException wrapped) {
      leave(false);
      throw withoutRunner(wrapped.getCause());
    } catch (ExceptionInInitializerError error) {
      leave(false);
      throw withoutRunner(error);
    } catch (Throwable error) {
      leave(false);
      throw error;
    }
    leave(true);
  }

  private static void leave(boolean completed) throws IOException {
    Files.write(end, completed ? word : (new String(word) + " failed").getBytes());
  }

  /** What System.exit in the PoC's own source becomes. */
  public static void exit(int code) {
    String caller = new Throwable().getStackTrace()[1].getClassName();
    int last = started.lastIndexOf('.') + 1;
    boolean own = caller.startsWith(started.substring(0, last)) && caller.indexOf('.', last) < 0;
    try {
      if (own) leave(code == 0);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    System.exit(code);
  }

  private static void run(Class<?> type) throws Exception {
    for (Method method : type.getDeclaredMethods()) {
      if (!method.getName().equals("main") || !Modifier.isStatic(method.getModifiers())) continue;
      method.setAccessible(true);
      if (method.getParameterCount() == 0) method.invoke(null);
      else method.invoke(null, (Object) new String[0]);
      return;
    }
    invokeAll(type, null, "BeforeAll", "BeforeClass");
    for (Method test : type.getDeclaredMethods()) {
      if (!isMarked(test, "Test")) continue;
      java.lang.reflect.Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Object instance = constructor.newInstance();
      invokeAll(type, instance, "BeforeEach", "Before");
      test.setAccessible(true);
      test.invoke(instance);
      invokeAll(type, instance, "AfterEach", "After");
    }
    invokeAll(type, null, "AfterAll", "AfterClass");
  }

  private static void invokeAll(Class<?> type, Object instance, String... marks) throws Exception {
    for (Method method : type.getDeclaredMethods()) {
      if (!isMarked(method, marks)) continue;
      method.setAccessible(true);
      method.invoke(instance);
    }
  }

  private static boolean isMarked(Method method, String... marks) {
    for (Annotation annotation : method.getAnnotations()) {
      if (Arrays.asList(marks).contains(annotation.annotationType().getSimpleName())) return true;
    }
    return false;
  }

  private static Throwable withoutRunner(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    int length = trace.length;
    for (int i = trace.length; i-- > 0; ) {
      String name = trace[i].getClassName();
      if (!name.startsWith("copatcher_poc.") && !name.contains(".reflect.")) break;
      length = i;
    }
    thrown.setStackTrace(Arrays.copyOf(trace, length));
    return thrown;
  }
}
