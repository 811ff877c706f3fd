DROP INDEX call_running_of_user;
