-- Makes a document of the report in Markdown: its first heading is the title, its list of contents is Word's own, columns
-- are as wide as what is in them, and no picture is loaded but the logo.

local NARROWEST, WIDEST = 6, 45

-- The text of an element, with its longest word and its length.
local function measure(blocks)
  local text = pandoc.utils.stringify(pandoc.Div(blocks))
  local word = 0
  for part in text:gmatch("%S+") do word = math.max(word, utf8.len(part) or #part) end
  return utf8.len(text) or #text, word
end

function Image(image)
  return pandoc.Str(pandoc.utils.stringify(image.caption) .. " (" .. image.src .. ")")
end

function Table(tab)
  local widths, sum = {}, 0
  local function look(rows)
    for _, row in ipairs(rows) do
      for at, cell in ipairs(row.cells or row[2]) do
        local length, word = measure(cell.contents or cell[5])
        local wide = math.min(math.max(length, NARROWEST), math.max(WIDEST, 0))
        widths[at] = math.max(widths[at] or 0, wide, math.min(word + 1, WIDEST))
      end
    end
  end
  look(tab.head.rows or tab.head[2])
  for _, body in ipairs(tab.bodies) do look(body.body) end
  for _, wide in ipairs(widths) do sum = sum + wide end
  for at, spec in ipairs(tab.colspecs) do
    -- Short tables stay as narrow as they are.
    local whole = math.max(sum, 100)
    tab.colspecs[at] = { spec[1], (widths[at] or NARROWEST) / whole }
  end
  return tab
end

function Pandoc(document)
  local blocks, skips = pandoc.List(), false
  if document.meta.logo and pandoc.utils.stringify(document.meta.logo) ~= "" then
    local picture = pandoc.Image({}, pandoc.utils.stringify(document.meta.logo), "", { height = "2cm" })
    blocks:insert(pandoc.Para({ picture }))
  end
  local titled, listed = false, false
  for at, block in ipairs(document.blocks) do
    local following = document.blocks[at + 1]
    if block.t == "Header" and block.level == 1 and not titled then
      titled = true
    elseif block.t == "Header" and block.level == 2 and not listed and following and following.t == "BulletList" then
      listed, skips = true, true
    elseif skips and block.t == "BulletList" then
      skips = false
    else
      blocks:insert(block)
    end
  end
  return pandoc.Pandoc(blocks, document.meta)
end

return { { Image = Image, Table = Table }, { Pandoc = Pandoc } }
