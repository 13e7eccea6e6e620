select columns(* exclude (email)) from customers
