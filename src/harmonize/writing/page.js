const form = document.getElementById("filters");
const wanted = (name) => document.getElementById(name)?.value ?? "";
function filter() {
  let seen = 0;
  for (const article of document.querySelectorAll("article")) {
    let places = 0;
    for (const item of article.querySelectorAll("li")) {
      item.hidden = wanted("file") !== "" && item.dataset.file !== wanted("file");
      places += !item.hidden;
    }
    article.hidden = !places || ["severity", "state", "rule"].some((name) => wanted(name) && article.dataset[name] !== wanted(name));
    seen += !article.hidden;
  }
  document.getElementById("count").textContent = `${seen} shown`;
}
form.hidden = false;
form.addEventListener("change", filter);
form.addEventListener("submit", (event) => event.preventDefault());
filter();
