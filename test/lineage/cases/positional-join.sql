select a.name, b.method from customers a positional join payments b
