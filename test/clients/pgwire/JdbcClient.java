import java.sql.*;
import java.util.*;

/** pgjdbc: metadata as BI tools ask for it, and queries with fetch sizes, parameters, timeouts. */
public class JdbcClient {
  static void check(String name, boolean holds) {
    System.out.println("{\"check\": \"" + name + "\", \"ok\": " + holds + "}");
  }

  static List<String> names(ResultSet rows, String column) throws SQLException {
    List<String> all = new ArrayList<>();
    while (rows.next()) all.add(rows.getString(column));
    return all;
  }

  public static void main(String[] args) throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:" + System.getenv("PLUMB_PG_PORT") + "/test";
    Properties properties = new Properties();
    properties.setProperty("user", "ann");
    try (Connection c = DriverManager.getConnection(url, properties)) {
      DatabaseMetaData meta = c.getMetaData();
      check("catalogs", names(meta.getCatalogs(), "TABLE_CAT").contains("test"));
      check("schemas", names(meta.getSchemas(), "TABLE_SCHEM").containsAll(List.of("main", "metrics")));
      check("tables", names(meta.getTables(null, "metrics", "%", new String[] {"TABLE", "VIEW"}), "TABLE_NAME").contains("orders"));
      check("columns", names(meta.getColumns(null, "metrics", "orders", "%"), "COLUMN_NAME").contains("revenue"));
      check("keys", names(meta.getPrimaryKeys(null, "main", "customers"), "COLUMN_NAME").equals(List.of("customer_id")));
      meta.getImportedKeys(null, "main", "orders").close();
      meta.getIndexInfo(null, "main", "customers", false, true).close();
      meta.getTypeInfo().close();
      meta.getTableTypes().close();
      meta.getFunctions(null, null, "%").close();
      meta.getTablePrivileges(null, "main", "%").close();
      check("other metadata", meta.getDatabaseProductVersion().startsWith("18"));
      try (Statement s = c.createStatement(); ResultSet r = s.executeQuery("select region, measure(revenue) as r from orders group by 1 order by 1")) {
        check("metrics", r.next() && r.getString(1).equals("north") && r.getDouble("r") == 1000);
        check("result metadata", r.getMetaData().getColumnTypeName(2).equals("float8"));
      }
      try (PreparedStatement s = c.prepareStatement("select count(*) from main.orders where channel = ? and ordered_at >= ? and order_id > ?")) {
        s.setString(1, "web");
        s.setTimestamp(2, Timestamp.valueOf("2024-01-01 00:00:00"));
        s.setInt(3, 0);
        int total = 0;
        for (int i = 0; i < 7; i++) try (ResultSet r = s.executeQuery()) { r.next(); total += r.getInt(1); }
        check("prepared, then binary", total == 7 * 15);
      }
      c.setAutoCommit(false);
      try (Statement s = c.createStatement()) {
        s.setFetchSize(7);
        int count = 0;
        try (ResultSet r = s.executeQuery("select * from main.orders")) { while (r.next()) count++; }
        check("fetch size", count == 60);
        try {
          s.executeQuery("select * from nowhere");
        } catch (SQLException e) {
          check("errors", e.getSQLState().equals("42P01"));
        }
        c.rollback();
      }
      c.setAutoCommit(true);
      c.setReadOnly(true);
      c.setSchema("main");
      check("schema", c.getSchema().equals("main"));
      try (Statement s = c.createStatement()) {
        s.setQueryTimeout(1);
        s.executeQuery("select count(*) from main.orders a, main.orders b, main.orders c, main.orders d, main.orders e, main.orders f where a.amount + b.amount * c.amount - d.amount = e.amount * f.amount + 0.123");
        check("timeout", false);
      } catch (SQLException e) {
        check("timeout", e.getSQLState().equals("57014"));
      }
    }
  }
}
