-- What the statements of cases/ read.
create table orders (order_id INTEGER, customer_id INTEGER, amount DECIMAL(10,2), status VARCHAR, ordered_at TIMESTAMP, items STRUCT(sku VARCHAR, qty INTEGER)[], address STRUCT(street VARCHAR, city VARCHAR));
create table customers (customer_id INTEGER, name VARCHAR, email VARCHAR, country VARCHAR);
create table payments (payment_id INTEGER, order_id INTEGER, amount DECIMAL(10,2), method VARCHAR);
