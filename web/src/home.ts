// The home page: static, it only needs the style.
import "./ui/style.css";
