DROP TABLE held_delivery;
DROP TABLE fault;
